import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/**
 * AWS KMS as far as Clancy uses it, for tests: Encrypt and Decrypt with symmetric keys, over its JSON protocol. It takes
 * nothing that KMS would refuse.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html, .../API_Decrypt.html
 */
export interface KmsServer {
  readonly url: string;
  /** What was asked, in order: the operation, and the encryption context. */
  readonly requests: { operation: string; context: Context }[];
  /** Makes a key; gives its ARN. */
  createKey(): string;
  /** From now on this key answers as a disabled one, or as one that is enabled again. */
  disable(arn: string, isDisabled?: boolean): void;
  /** The next answers: `away` closes the connection, `hangs` never answers, `throttles` and `fails` as KMS says it. */
  next(...faults: Fault[]): void;
  close(): Promise<void>;
}

export type Fault = 'away' | 'hangs' | 'throttles' | 'fails';
type Context = { [name: string]: string };
interface Key {
  material: Buffer;
  isDisabled: boolean;
}

const blob = z.base64();
const context = z.record(z.string(), z.string()).default({});
const encryptSchema = z.strictObject({ KeyId: z.string(), Plaintext: blob, EncryptionContext: context });
const decryptSchema = z.strictObject({ KeyId: z.string().optional(), CiphertextBlob: blob, EncryptionContext: context });
/** Of a symmetric key. */
const MAX_PLAINTEXT_BYTES = 4_096;
const REGION = 'eu-central-1';

class KmsError extends Error {
  readonly status: number;
  constructor(type: string, status = 400) {
    super(type);
    this.status = status;
  }
}

export async function startKms(): Promise<KmsServer> {
  const keys = new Map<string, Key>();
  const requests: KmsServer['requests'] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await json(request);
    const fault = faults.shift();
    if (fault === 'away') return void request.socket.destroy();
    if (fault === 'hangs') return;
    if (fault === 'throttles') throw new KmsError('ThrottlingException');
    if (fault === 'fails') throw new KmsError('KMSInternalException', 500);
    send(response, 200, operate(operationOf(request), body));
  }

  function operate(operation: string, body: unknown): object {
    if (operation === 'Encrypt') return encrypt(body);
    if (operation === 'Decrypt') return decrypt(body);
    throw new KmsError('UnknownOperationException');
  }

  function encrypt(body: unknown): object {
    const { KeyId, Plaintext, EncryptionContext } = parse(encryptSchema, body);
    requests.push({ operation: 'Encrypt', context: EncryptionContext });
    const plain = Buffer.from(Plaintext, 'base64');
    if (plain.length === 0 || plain.length > MAX_PLAINTEXT_BYTES) throw new KmsError('ValidationException');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', enabled(KeyId).material, iv, { authTagLength: 16 });
    cipher.setAAD(aadOf(EncryptionContext));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    const text = [KeyId, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64'))].join(' ');
    return { CiphertextBlob: Buffer.from(text).toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT', KeyId };
  }

  function decrypt(body: unknown): object {
    const { KeyId, CiphertextBlob, EncryptionContext } = parse(decryptSchema, body);
    requests.push({ operation: 'Decrypt', context: EncryptionContext });
    const [arn = '', ...parts] = Buffer.from(CiphertextBlob, 'base64').toString().split(' ');
    const [iv, sealed, tag] = parts.map((part) => Buffer.from(part, 'base64'));
    if (!keys.has(arn) || !iv || !sealed || !tag) throw new KmsError('InvalidCiphertextException');
    if (KeyId !== undefined && KeyId !== arn) throw new KmsError('IncorrectKeyException');
    try {
      const decipher = createDecipheriv('aes-256-gcm', enabled(arn).material, iv, { authTagLength: 16 });
      decipher.setAAD(aadOf(EncryptionContext));
      decipher.setAuthTag(tag);
      const Plaintext = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('base64');
      return { Plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT', KeyId: arn };
    } catch (error) {
      throw error instanceof KmsError ? error : new KmsError('InvalidCiphertextException');
    }
  }

  function enabled(arn: string): Key {
    const key = keys.get(arn);
    if (!key) throw new KmsError('NotFoundException');
    if (key.isDisabled) throw new KmsError('DisabledException');
    return key;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    createKey: () => {
      const arn = `arn:aws:kms:${REGION}:111122223333:key/${crypto.randomUUID()}`;
      keys.set(arn, { material: randomBytes(32), isDisabled: false });
      return arn;
    },
    disable: (arn, isDisabled = true) => void (enabledOrNot(keys, arn).isDisabled = isDisabled),
    next: (...more) => void faults.push(...more),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function enabledOrNot(keys: Map<string, Key>, arn: string): Key {
  const key = keys.get(arn);
  if (!key) throw new Error('no such key');
  return key;
}

/** The JSON protocol: one path, the operation in a header, signed for this service and region. */
function operationOf({ method, url, headers }: IncomingMessage): string {
  const isJson = headers['content-type'] === 'application/x-amz-json-1.1';
  if (method !== 'POST' || url !== '/' || !isJson) throw new KmsError('SerializationException');
  const signature = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/kms\/aws4_request, /;
  if (signature.exec(headers.authorization ?? '')?.[1] !== REGION) throw new KmsError('MissingAuthenticationTokenException');
  const target = /^TrentService\.(\w+)$/.exec(String(headers['x-amz-target']));
  if (!target?.[1]) throw new KmsError('UnknownOperationException');
  return target[1];
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new KmsError('ValidationException');
  return parsed.data;
}

/** Pairs in any order are one context. */
function aadOf(pairs: Context): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(pairs).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof KmsError ? error : new KmsError('SerializationException');
  send(response, known.status, { __type: known.message, message: 'refused' });
}
