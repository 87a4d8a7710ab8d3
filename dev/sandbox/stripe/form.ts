export type Form = { [name: string]: string | Form | (string | Form)[] };

/** A query or body with brackets as it is meant: `lines[0][amount]=1&expand[]=x`. */
export function parseForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = '', ...rest] = name.split('[').map((part) => part.replace(/\]$/, ''));
    put(form, [first, ...rest], value);
  }
  return toLists(form) as Form;
}

function put(form: Form, [head = '', ...rest]: string[], value: string): void {
  const key = head === '' ? String(Object.keys(form).length) : head;
  if (rest.length === 0) form[key] = value;
  else {
    const inner = form[key];
    const next: Form = typeof inner === 'object' && !Array.isArray(inner) ? inner : {};
    form[key] = next;
    put(next, rest, value);
  }
}

/** What is named by numbers is a list. */
function toLists(value: string | Form | (string | Form)[]): string | Form | (string | Form)[] {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([key, inner]) => [key, toLists(inner)] as const);
  const isList = members.length > 0 && members.every(([key]) => /^\d+$/.test(key));
  return isList ? members.map(([, inner]) => inner as string | Form) : Object.fromEntries(members);
}
