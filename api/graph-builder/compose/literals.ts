import type { Json, JsonObject } from '../../../contracts/json.ts';

/** A JSON value as a JSONata literal (JSON is a subset of JSONata's literals). */
export function literal(value: Json): string {
  return JSON.stringify(value);
}

/** Input that a run may set in `trigger.payload` under the slot's name; otherwise the value of the description. */
export function overridable(name: string, value: Json): string {
  return `=$exists(trigger.payload.${name}) ? trigger.payload.${name} : ${literal(value)}`;
}

/** Replaces `{slot}` in an expression by the slot's literal; a slot without value makes the expression unusable. */
export function fillExpression(expression: string, slots: JsonObject): string | undefined {
  let isWhole = true;
  const filled = expression.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) isWhole = false;
    return value === undefined ? '' : literal(value);
  });
  return isWhole ? filled : undefined;
}

/** Replaces `{slot}` in words for people. */
export function fillWords(words: string, slots: JsonObject): string {
  return words.replace(/\{([a-z_]+)\}/g, (_, name: string) => wordsOf(slots[name] ?? ''));
}

/** A slot's value as people read it. */
export function wordsOf(value: Json): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
