/**
 * The thread in which the text of a document is read: plain JavaScript, because a worker thread is started from a file that
 * Node itself can read, in development as after a build. A text can be written so that reading it takes minutes; here it
 * can be ended. Answers with JSON text or a sentence, so that no object of the document meets the main thread unseen.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { isAlias, parseDocument, visit } from 'yaml';

const { text, maxDepth, maxValues } = workerData;

class Unusable extends Error {}

/** JSON is YAML too, but read much faster as what it is. */
function parse() {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trimStart().startsWith('{')) throw new Unusable(`it is no JSON (${error.message.slice(0, 120)})`);
  }
  const document = parseDocument(text, { schema: 'core', merge: false, uniqueKeys: true, stringKeys: true, logLevel: 'error' });
  const [problem] = document.errors;
  if (problem) throw new Unusable(`it is neither JSON nor YAML (${problem.message.split('\n')[0].slice(0, 120)})`);
  // A few lines of them can stand for more than any memory holds.
  visit(document, (_key, node) => {
    if (isAlias(node)) throw new Unusable('it uses aliases of YAML (`*name`), which are not supported');
  });
  return document.toJS({ maxAliasCount: 0 });
}

/** The database takes neither, and nobody means them. */
function assertStorable(part) {
  if (part.includes('\0') || !part.isWellFormed()) throw new Unusable('it holds a NUL character or half a surrogate pair');
}

/** Without recursion: how deep it is, is not known yet. */
function assertBounded(root) {
  const open = [[root, 0]];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value === 'string') assertStorable(value);
    if (value === null || typeof value !== 'object') continue;
    if (depth > maxDepth) throw new Unusable(`it is nested deeper than ${maxDepth} levels`);
    for (const key of Object.keys(value)) {
      values += 1;
      assertStorable(key);
      if (values > maxValues) throw new Unusable(`it holds more than ${maxValues} values`);
      open.push([value[key], depth + 1]);
    }
  }
}

function read() {
  try {
    const value = parse();
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Unusable('it is no object');
    assertBounded(value);
    return { json: JSON.stringify(value) };
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message };
    // What the library meets in a text that it was not made for, such as a stack that ends.
    return { problem: 'it cannot be read' };
  }
}

parentPort.postMessage(read());
