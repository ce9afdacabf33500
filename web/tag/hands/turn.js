// Ends a task of ours, so that none of them is long: the page, and whoever uses it, have their turn.

/** Resolves in another task. @returns {Promise<unknown>} */
export const turn = () => {
  const { scheduler } = /** @type {any} */ (window);
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((next) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = next;
    port2.postMessage(0);
  });
};
