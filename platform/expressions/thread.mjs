/**
 * The thread in which expressions run: plain JavaScript, because a worker thread is started from a file that Node itself
 * can read, in development as after a build. It sees no environment variables and answers with JSON text only, so that
 * no object made by an expression ever meets the main thread.
 */
import jsonata from 'jsonata';
import { assertPlain, isTooDeep } from './plain.mjs';
import { storable } from './storable.mjs';

/** Functions that would make a repeated evaluation differ, or run text as code. */
const TAKEN_AWAY = {
  eval: 'it would run text as code',
  now: 'use the variable now of the scope',
  millis: 'use the variable now of the scope',
  random: 'a repeated run would differ',
  shuffle: 'a repeated run would differ',
};
const CACHED_EXPRESSIONS = 500;
const MAX_STACK = 400;
const MAX_SEQUENCE = 100_000;
const MAX_OUTPUT_CHARS = 1_000_000;
/** JSONata's own codes for an exceeded guard: stack, time, range, sequence. */
const LIMIT_CODES = new Set(['D1011', 'D1012', 'D2014', 'D2015', 'U1001']);

const RealDate = Date;
let instantMs = 0;
/** Partial dates are completed from "today": here that is the instant of the scope. */
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(instantMs);
    else super(...args);
  }
  static now() {
    return instantMs;
  }
};

const compiled = new Map();

/** Runs the jobs of one hop in order. `scope` and `locals` are JSON text; each answer is JSON text, undefined or an error. */
export async function runJobs({ scope, jobs }) {
  const shared = JSON.parse(scope);
  const answers = [];
  for (const job of jobs) answers.push(await answer(job, shared));
  return answers;
}

async function answer(job, shared) {
  try {
    const scope = job.locals === undefined ? shared : { ...shared, ...JSON.parse(job.locals) };
    instantMs = instantOf(scope.now);
    const value =
      job.kind === 'expression' ? await evaluate(job.source, scope) : await resolve(JSON.parse(job.template), scope, 0);
    return { ok: true, json: serialise(value) };
  } catch (error) {
    return { ok: false, ...describe(error) };
  }
}

function instantOf(now) {
  const ms = typeof now === 'string' ? RealDate.parse(now) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}

async function evaluate(source, scope) {
  return compile(source).evaluate(scope);
}

function compile(source) {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source, { stack: MAX_STACK, sequence: MAX_SEQUENCE });
  for (const [name, reason] of Object.entries(TAKEN_AWAY)) {
    expression.registerFunction(name, () => {
      throw new Error(`$${name} is not available: ${reason}`);
    });
  }
  if (compiled.size >= CACHED_EXPRESSIONS) compiled.delete(compiled.keys().next().value);
  compiled.set(source, expression);
  return expression;
}

/** `=text` is an expression, `==text` the literal `=text`. A member whose expression has no value is left out. */
async function resolve(template, scope, depth) {
  if (isTooDeep(depth)) throw limit('the template is nested too deeply');
  if (typeof template === 'string') return resolveText(template, scope);
  if (Array.isArray(template)) {
    const items = [];
    for (const item of template) items.push((await resolve(item, scope, depth + 1)) ?? null);
    return items;
  }
  if (template === null || typeof template !== 'object') return template;
  const members = Object.create(null);
  for (const [key, item] of Object.entries(template)) {
    const value = await resolve(item, scope, depth + 1);
    if (value !== undefined) members[key] = value;
  }
  return members;
}

async function resolveText(text, scope) {
  if (text.startsWith('==')) return text.slice(1);
  return text.startsWith('=') ? evaluate(text.slice(1), scope) : text;
}

function serialise(value) {
  if (value === undefined || typeof value === 'function') return undefined;
  assertPlain(value);
  const text = JSON.stringify(value);
  if (text !== undefined && text.length > MAX_OUTPUT_CHARS) throw limit('the value is larger than 1 MB');
  return text && storable(text);
}

function limit(message) {
  return Object.assign(new Error(message), { isLimit: true });
}

function describe(error) {
  const message = typeof error?.message === 'string' ? error.message.slice(0, 300) : 'the expression failed';
  const isLimit = error?.isLimit === true || error instanceof RangeError || LIMIT_CODES.has(error?.code);
  return { code: isLimit ? 'expression_limit' : 'expression_failed', message };
}
