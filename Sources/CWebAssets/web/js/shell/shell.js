// The frame around every page: one header, one main, one notice line.
import { tags } from "../base/dom.js";
import { icon, mark } from "../base/icon.js";
import { noticeView } from "../base/notice.js";
import { may, session } from "../base/session.js";
import { signal, whenDisposed } from "../base/state.js";

const { div, header, nav, main, a, button, span } = tags;

const places = [
  { name: "ask", words: "Ask", picture: "question", address: "#/ask" },
  { name: "library", words: "Library", picture: "library", address: "#/library" },
  { name: "sources", words: "Sources", picture: "source", address: "#/sources", needs: "sources.read" },
  {
    name: "administration", words: "Manage", picture: "people", address: "#/administration/people",
    needs: "users.read",
  },
];

/** `{node, outlet}`: the frame and the element that pages are shown in. `place()` is the name of the open place. */
export function shell(place) {
  const outlet = main({ id: "main", class: "main", tabindex: "-1" });
  const toMain = (event) => {
    event.preventDefault();
    outlet.focus();
  };
  const node = div(
    { class: "shell" },
    a({ class: "skip-link", href: "#main", onclick: toMain }, "Skip to the content"),
    header(
      { class: "shell-header" },
      a({ class: "brand", href: "#/ask" }, mark(), span("Cloister")),
      () => (session() ? navigation(place) : null),
      div(
        { class: "shell-tools" },
        themeButton(),
        () => (session() ? accountLink(place) : null),
      ),
    ),
    outlet,
    noticeView(),
  );
  return { node, outlet };
}

function navigation(place) {
  return nav(
    { class: "shell-nav", "aria-label": "Main" },
    places.filter(({ needs }) => !needs || may(needs)).map(({ name, words, picture, address }) =>
      a({ href: address, "aria-current": () => (place() === name ? "page" : null) }, icon(picture), words),
    ),
  );
}

function accountLink(place) {
  const name = session().name ?? "";
  return a(
    { class: "account-link", href: "#/account", "aria-label": `Account of ${name}`, title: name,
      "aria-current": () => (place() === "account" ? "page" : null) },
    icon("account"),
  );
}

/** Switches between light and dark; `theme.js` does it and keeps the choice. */
export function themeButton() {
  const root = document.documentElement;
  const theme = signal(root.dataset.theme);
  const follow = () => theme.set(root.dataset.theme);
  root.addEventListener("themechange", follow);
  whenDisposed(() => root.removeEventListener("themechange", follow));
  const other = () => (theme() === "dark" ? "light" : "dark");
  return button(
    {
      type: "button", class: "icon-button", id: "theme",
      "aria-label": () => `Use the ${other()} theme`, title: () => `Use the ${other()} theme`,
      onclick: () => root.dispatchEvent(new Event("themetoggle")),
    },
    () => icon(other() === "dark" ? "moon" : "sun"),
  );
}
