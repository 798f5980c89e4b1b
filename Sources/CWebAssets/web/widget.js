// Puts Cloister's question box where this script stands:
//   <script src="ADDRESS OF CLOISTER/widget.js" data-collection="col_..." data-height="480" async></script>
// The operator names the origins that may show it in `web.embedders`. No key belongs into the page: the box answers
// with the rights of whoever reads the page and is signed in.
(() => {
  const script = document.currentScript;
  if (!script) return;
  const address = new URL("/embed", script.src);
  const { collection, height, title } = script.dataset;
  if (collection) address.searchParams.set("collection", collection);
  const frame = document.createElement("iframe");
  frame.title = title || "Ask the documents";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  const rights = ["scripts", "same-origin", "forms", "popups", "popups-to-escape-sandbox"];
  frame.setAttribute("sandbox", rights.map((right) => `allow-${right}`).join(" "));
  frame.style.cssText = "display: block; width: 100%; border: 1px solid #8885; border-radius: 12px;";
  frame.style.height = `${Math.min(Math.max(Number(height) || 480, 240), 2000)}px`;
  frame.src = address.href;
  script.after(frame);
})();
