// Who may read a collection, between the API, a sentence and a form. Pure.

const namedMax = 3;

/** The name of "everyone", a group or a person; what `names` does not know is shown by its identifier. */
export function granteeWords(grantee, names) {
  return grantee === "everyone" ? "Everybody" : names.get(grantee) ?? grantee;
}

/** `{allow, deny}` as a sentence. */
export function accessWords(access, names) {
  const list = (grantees) => {
    const words = grantees.slice(0, namedMax).map((one) => granteeWords(one, names)).join(", ");
    return grantees.length > namedMax ? `${words} and ${grantees.length - namedMax} more` : words;
  };
  const allow = access.allow ?? null;
  const deny = access.deny ?? [];
  const who = allow === null ? "Whom its folders and documents name" : list(allow) || "Nobody";
  return deny.length > 0 ? `${who}; not ${list(deny)}` : who;
}

/** The body to send for what is ticked. A rule that named nobody and still does stays as it was. */
export function accessBody(data, before) {
  const allow = data.getAll("allow");
  return { allow: allow.length === 0 && (before.allow ?? null) === null ? null : allow, deny: data.getAll("deny") };
}

/** `[grantee, words]` to choose among: everybody, then groups, then people, and whoever else a rule names already. */
export function choices(groups, people, ...known) {
  const all = [["everyone", "Everybody"], ...groups, ...people];
  const listed = new Set(all.map(([id]) => id));
  const others = [...new Set(known.flat())].filter((id) => !listed.has(id));
  return [...all, ...others.map((id) => [id, id])];
}
