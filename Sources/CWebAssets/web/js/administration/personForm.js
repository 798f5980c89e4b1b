// A person between the API and a form. Pure.

export const roles = ["admin", "developer", "user", "viewer"];
const words = new Map([
  ["admin", "Administrator"], ["developer", "Developer"], ["user", "User"], ["viewer", "Viewer"],
]);

export function roleWords(role) {
  return words.get(role) ?? role;
}

/** The body to send for what stands in the form; what is empty is left out. */
export function personBody(data) {
  const body = { roles: data.getAll("roles"), clearance: data.get("clearance") };
  const [displayName, password] = [data.get("displayName")?.trim(), data.get("password")];
  if (displayName) body.displayName = displayName;
  if (password) body.password = password;
  return body;
}
