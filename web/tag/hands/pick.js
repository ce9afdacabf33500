// Takes the wanted parts out of an object that is somebody else's.

/**
 * Returns a copy of the wanted parts of a value, of arrays those of each of theirs.
 * @param {any} value
 * @param {Shape} shape
 * @param {(value: any) => any} [whole] makes a copy of what is wanted whole
 * @returns {any}
 */
export const pick = (value, shape, whole = (one) => one) => {
  if (!shape) return null;
  if (shape === 1 || !value || typeof value !== "object") return whole(value);
  if (Array.isArray(value)) return whole(value.map((one) => pick(one, shape, whole)));
  return Object.fromEntries(Object.keys(shape).map((name) => [name, pick(value[name], shape[name], whole)]));
};
