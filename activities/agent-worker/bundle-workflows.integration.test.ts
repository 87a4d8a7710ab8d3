import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertEncodesFailures } from '../../platform/payloads/data-converter.ts';
import { bundleWorkflows } from './bundle-workflows.ts';

test('workflows are bundled once per content, with both workflow types and without validators or model clients', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'clancy-bundle-'));
  try {
    const [one, other] = await Promise.all([bundleWorkflows({ dir }), bundleWorkflows({ dir })]);
    expect(other).toEqual(one);
    const made = await stat(one.codePath);
    expect(await bundleWorkflows({ dir })).toEqual(one);
    expect((await stat(one.codePath)).mtimeMs).toBe(made.mtimeMs);
    const code = await readFile(one.codePath, 'utf8');
    expect(code).toContain('employeeRun');
    expect(code).toContain('skillRun');
    expect(code).not.toMatch(/node_modules\/(zod|@langchain|ajv|jsonata)\//);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('a bundle makes failures ready for encryption unless told not to, and a worker that encrypts takes no other', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'clancy-bundle-'));
  try {
    const plain = await bundleWorkflows({ dir, plainFailures: true });
    const encoding = await bundleWorkflows({ dir });
    expect(plain.codePath).not.toBe(encoding.codePath);
    await expect(assertEncodesFailures(encoding.codePath)).resolves.toBeUndefined();
    await expect(assertEncodesFailures(plain.codePath)).rejects.toThrow(/^WORKFLOW_BUNDLE_PATH: /);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
