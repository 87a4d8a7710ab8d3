import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRecordedEndpoint } from '../../../dev/models/recorded-endpoint.ts';
import { createModel, type ModelKind } from '../../../platform/models/create-model.ts';
import { startScriptedModel } from '../../../test/engine/scripted-model.ts';
import { officeCatalogue } from '../testing/office-catalogue.ts';
import { buildWithModel } from './build-with-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-record-'));
});
afterAll(() => rm(folder, { recursive: true }));

const jobDescription = 'Every weekday at 9:00 post a digest of #support in #team.';
const unknown = { sentences: [1], template: 'no_such_template' };

async function build(url: string, kind: ModelKind) {
  const baseUrl = kind === 'openai' ? `${url}/v1` : url;
  const model = createModel({ kind, baseUrl, apiKey: 'a-secret-key', model: 'real' });
  try {
    return await buildWithModel({ jobDescription, catalogue: officeCatalogue() }, { name: 'real', model });
  } finally {
    await model.close();
  }
}

test.each<ModelKind>(['openai', 'anthropic'])(
  'what a model of kind %s answered is replayed, and holds no key',
  { timeout: 30_000 },
  async (kind) => {
    const file = join(folder, `${kind}.jsonl`);
    const real = await startScriptedModel([{ json: { skills: [unknown] } }, { json: { skills: [] } }], { stream: true });
    const recorder = await startRecordedEndpoint({ file, upstream: real.origin });
    const recorded = await build(recorder.url, kind);
    await recorder.close();
    await real.close();
    expect(recorded.explanation.model).toMatchObject({ asked: 2, reason: 'it had nothing to add' });
    expect(await readFile(file, 'utf8')).not.toContain('a-secret-key');

    const replayed = await startRecordedEndpoint({ file });
    expect(await build(replayed.url, kind)).toEqual(recorded);
    expect((await build(replayed.url, kind)).explanation.model?.reason).toContain('HTTP 404');
    await replayed.close();
  },
);
