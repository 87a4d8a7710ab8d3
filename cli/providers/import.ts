import { resolve } from 'node:path';
import { z } from 'zod';
import { readText } from '../employees/read-text.ts';
import { UsageError } from '../exit-codes.ts';
import { verb } from '../verb.ts';
import { readChoices } from './read-choices.ts';
import { renderProvider } from './render-provider.ts';

export const importProvider = verb({
  name: 'import',
  summary: "make a provider of your organisation's own out of an OpenAPI document, or a new version of it",
  options: [
    { flags: '--file <file>', description: 'what you choose of it, as YAML or JSON; - reads standard input' },
    { flags: '--document <file>', description: 'the OpenAPI document, where the file does not say document_url' },
    { flags: '--document-url <address>', description: 'where ConnectHub may read the document instead' },
    { flags: '--client-secret-stdin', description: 'read the secret of your OAuth client from standard input' },
    { flags: '--preview', description: 'show what it would come to, and keep nothing' },
  ],
  makesSomething: true,
  examples: [
    'clancy providers import --file desk.yaml --preview',
    'clancy providers import --file desk.yaml --document openapi.yaml',
  ],
  input: z.strictObject({
    file: z.string('the file is missing').min(1, 'a file name, or -'),
    document: z.string().min(1).optional(),
    documentUrl: z.url({ protocol: /^https?$/ }).optional(),
    clientSecretStdin: z.boolean().default(false),
    preview: z.boolean().default(false),
  }),
  run: async ({ client, io, idempotencyKey, show }, { file, document, documentUrl, clientSecretStdin, preview }) => {
    if (clientSecretStdin && file === '-') throw new UsageError('Standard input cannot hold both the file and the secret.');
    const chosen = await readChoices(io, file);
    const secret = clientSecretStdin ? (await io.readStdin()).trim() : undefined;
    const definition = {
      ...chosen,
      ...(document !== undefined && { document: await readText(io, resolve(io.cwd, document)) }),
      ...(documentUrl !== undefined && { document_url: documentUrl }),
      ...(secret !== undefined && { auth: { ...objectOf(chosen['auth']), client_secret: secret } }),
      ...(preview && { preview }),
    };
    show(await client.providers.import(definition, idempotencyKey), renderProvider);
  },
});

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
