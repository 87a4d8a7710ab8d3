import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { keyOf, type BlobStore, type ObjectName } from './blob-store.ts';

export interface S3Options {
  bucket: string;
  /** Folders that all objects stand below; may be empty. */
  prefix: string;
  /** As AWS's SDK finds it where it is not set. */
  region?: string | undefined;
  /** Of an S3 that is not Amazon's. */
  endpoint?: string | undefined;
  usesPathStyle: boolean;
}

/** Objects in a bucket. One of S3's is there as a whole or not at all. */
export function createS3Store(options: S3Options): BlobStore {
  const connect = lazily(() => load(options));
  const at = (name: ObjectName) => ({
    Bucket: options.bucket,
    Key: [...(options.prefix === '' ? [] : [options.prefix]), keyOf(name)].join('/'),
  });
  return {
    put: async (name, body, size) => {
      const { s3, client } = await connect();
      const given = new AbortController();
      const content = exactly(body, size, given);
      try {
        const whole = new s3.PutObjectCommand({ ...at(name), Body: content, ContentLength: size });
        await client.send(whole, { abortSignal: given.signal });
      } catch (error) {
        throw given.signal.aborted ? given.signal.reason : error;
      } finally {
        content.destroy();
      }
    },
    get: async (name) => {
      const { s3, client } = await connect();
      const answer = await client.send(new s3.GetObjectCommand(at(name))).catch((error: unknown) => {
        if (error instanceof s3.NoSuchKey) return undefined;
        throw error;
      });
      return answer?.Body === undefined ? undefined : (answer.Body as AsyncIterable<Buffer>);
    },
    delete: async (name) => {
      const { s3, client } = await connect();
      await client.send(new s3.DeleteObjectCommand(at(name)));
    },
  };
}

/** Loaded only where a bucket is configured: the client takes a good part of a second. */
async function load({ region, endpoint, usesPathStyle }: S3Options) {
  const s3 = await import('@aws-sdk/client-s3');
  const client: S3Client = new s3.S3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: usesPathStyle,
    // What is stored is authenticated by its own tags; not every S3 takes checksums behind a body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Its own would write plain text among our lines; what fails is thrown.
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  return { s3, client };
}

function silent(): void {}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/**
 * The body as a stream of just this size. The client would wait for ever for what does not come, so what breaks the body
 * ends the request, and with it the object that was to be.
 */
function exactly(body: AsyncIterable<Buffer>, size: number, given: AbortController): Readable {
  async function* pass(): AsyncGenerator<Buffer> {
    try {
      let sent = 0;
      for await (const piece of body) {
        sent += piece.length;
        yield piece;
      }
      if (sent !== size) throw new RangeError(`${sent} bytes of an object, and ${size} were announced`);
    } catch (error) {
      given.abort(error);
      throw error;
    }
  }
  return Readable.from(pass(), { objectMode: false }).on('error', () => undefined);
}
