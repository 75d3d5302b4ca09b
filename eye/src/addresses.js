/**
 * Addresses from paths: a worker's own address is another one.
 *
 * @template {object} T
 * @param {T} paths
 * @returns {T}
 */
export function absolute(paths) {
  const entries = Object.entries(paths).map(([name, path]) => [
    name,
    typeof path === "string" && path.startsWith("/") ? new URL(path, location.origin).href : path,
  ]);
  return Object.fromEntries(entries);
}
