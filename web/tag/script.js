// The tag's own script element: where its files are, and what its attributes say.

/**
 * Returns the address and the attributes of this script. Its address is trusted only from where no HTML can put another: an
 * <img name="currentScript"> in a page's own content answers for document.currentScript.
 * @returns {OwnScript}
 */
export const ownScript = () => {
  const { currentScript } = document;
  // A module, a loader's, or in a shadow root: the browser names no element then, but an error's trace the address.
  // Of text that a loader evaluates the trace names the loader's.
  const stack = /** @type {string} */ (new Error().stack);
  const address = /eval |> eval/.test(stack) ? "" : /\w+:\/\/[^\s()]+(?=:\d+:\d)/.exec(stack)?.[0];
  const element =
    currentScript instanceof HTMLScriptElement
      ? currentScript
      : [...document.querySelectorAll("script")].find((one) => one.src === address || one.dataset.sitecode);
  const src = element?.src || address;
  if (!src) throw "address unknown";
  return { src, nonce: element?.nonce, ...element?.dataset };
};
