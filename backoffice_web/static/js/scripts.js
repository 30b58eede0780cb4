/** Loading, when it is needed, a script of the registry that is not a module: it leaves its name on `window`. */

const loading = new Map();

/** Load a script once. Rejects when it cannot be fetched; a later call tries again. */
export function loadScript(address) {
  if (!loading.has(address))
    loading.set(address, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => { loading.delete(address); script.remove(); reject(new Error(address)); });
      document.head.append(script);
    }));
  return loading.get(address);
}
