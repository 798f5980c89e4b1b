import { element, isLocal, keyed, outsideLink, picture, tags } from "../../../Sources/CWebAssets/web/js/base/dom.js";
import { signal } from "../../../Sources/CWebAssets/web/js/base/state.js";
import { equal, test, throws } from "./harness.js";

test("text becomes a text node, whatever it holds", () => {
  const node = tags.p("<img src=x onerror=alert(1)>", "<script>alert(1)</script>");
  equal(node.children.length, 0);
  equal(node.textContent, "<img src=x onerror=alert(1)><script>alert(1)</script>");
});

test("a tag outside the list is refused", () => {
  for (const tag of ["script", "iframe", "object", "embed", "style", "link", "img", "base", "meta"]) {
    throws(() => element(tag));
  }
});

test("an attribute outside the list is refused, and a handler must be a function", () => {
  for (const name of ["style", "src", "srcdoc", "formaction", "action", "xlink:href", "innerHTML", "ping", "target"]) {
    throws(() => element("a", { [name]: "x" }));
  }
  throws(() => element("p", { onclick: "alert(1)" }));
});

test("a link leads only into the application", () => {
  for (const address of ["#/ask", "/gallery", "#"]) equal(isLocal(address), true);
  for (const address of [
    "javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//elsewhere", "/\\\\elsewhere", "https:x",
    "relative", "", null, undefined,
  ]) {
    equal(isLocal(address), false);
    throws(() => element("a", { href: address }));
  }
});

test("attributes and children follow signals", () => {
  const name = signal("one");
  const node = tags.p(
    { class: () => name(), title: () => (name() === "one" ? null : "set") },
    "a ",
    () => name(),
    " z",
  );
  equal([node.className, node.title, node.textContent], ["one", "", "a one z"]);
  name.set("two");
  equal([node.className, node.title, node.textContent], ["two", "set", "a two z"]);
});

test("a child that follows may be nodes, a list or nothing", () => {
  const list = signal(null);
  const node = tags.ul(() => list()?.map((one) => tags.li(one)));
  equal(node.children.length, 0);
  list.set(["a", "b"]);
  equal(node.textContent, "ab");
  list.set([]);
  equal(node.children.length, 0);
});

test("a keyed list keeps the nodes of the rows that stay", () => {
  const items = signal([{ id: 1, text: "a" }, { id: 2, text: "b" }]);
  const node = keyed(tags.ul(), items, (item) => item.id, (item) => tags.li(() => item().text));
  const second = node.children[1];
  items.set([{ id: 3, text: "c" }, { id: 2, text: "B" }, { id: 1, text: "a" }]);
  equal([...node.children].map((row) => row.textContent), ["c", "B", "a"]);
  equal(node.children[1] === second, true);
  items.set([{ id: 2, text: "b" }]);
  equal([node.children.length, node.firstChild === second], [1, true]);
});

test("a link to another system opens apart, and there is none to what is not of the web", () => {
  const node = outsideLink("https://wiki.example/page", { class: "x" }, "Open");
  equal([node.href, node.target, node.rel, node.textContent],
    ["https://wiki.example/page", "_blank", "noopener noreferrer", "Open"]);
  equal(["javascript:alert(1)", "", undefined].map((address) => outsideLink(address, {}, "x")), [null, null, null]);
});

test("a picture comes from this server, with words for it", () => {
  const node = picture("/api/v1/page/image", { alt: "Page 1", class: "x" });
  equal([node.tagName, node.alt, node.className, node.getAttribute("src")], ["IMG", "Page 1", "x", "/api/v1/page/image"]);
  for (const address of ["https://elsewhere/a.png", "//elsewhere/a.png", "data:image/png,x", "#x", "", null]) {
    throws(() => picture(address, { alt: "x" }));
  }
  throws(() => picture("/a", { alt: "x", onload: "alert(1)" }));
});
