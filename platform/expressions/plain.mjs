const MAX_DEPTH = 100;

export function isTooDeep(depth) {
  return depth > MAX_DEPTH;
}

/** Refuses values that are not plain JSON data: nested too deeply, or with a member that would reach a prototype. */
export function assertPlain(root) {
  const open = [[root, 0]];
  while (open.length > 0) {
    const [value, depth] = open.pop();
    if (value === null || typeof value !== 'object') continue;
    if (isTooDeep(depth)) throw Object.assign(new Error('the value is nested too deeply'), { isLimit: true });
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw new Error('a member may not be called __proto__');
      open.push([value[key], depth + 1]);
    }
  }
}
