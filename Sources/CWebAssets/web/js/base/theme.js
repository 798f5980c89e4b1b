// Runs before the first paint, as a classic script, so that the page never flashes in the wrong theme.
(() => {
  const key = "cloister-theme";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const apply = () => {
    const choice = stored();
    root.dataset.theme = choice === "dark" || choice === "light" ? choice : dark.matches ? "dark" : "light";
    root.dispatchEvent(new Event("themechange"));
  };
  root.addEventListener("themetoggle", () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      // A choice that equals the system's is not kept, so that the page follows the system again.
      if (next === (dark.matches ? "dark" : "light")) localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // Without storage the choice holds for this page only.
      root.dataset.theme = next;
      root.dispatchEvent(new Event("themechange"));
      return;
    }
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
})();
