import type { Json, JsonObject } from '../../../contracts/json.ts';

/** A body as Stripe takes it: a form with brackets, `lines[0][amount]=100`. https://docs.stripe.com/api/curl */
export function toForm(body: JsonObject): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) put(form, name, value);
  return form.toString();
}

/** What has no value is left out: to Stripe an empty text means "take it away". */
function put(form: URLSearchParams, name: string, value: Json): void {
  if (value === null || value === '') return;
  if (typeof value !== 'object') return form.set(name, String(value));
  for (const [key, member] of Object.entries(value)) put(form, `${name}[${key}]`, member);
}
