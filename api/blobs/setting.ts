import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { createFolderStore } from './store/folder-store.ts';
import { createS3Store } from './store/s3-store.ts';
import type { BlobStore } from './store/blob-store.ts';

/** A run lasts 90 days at most, and Temporal keeps its history for a while after that. */
const DEFAULT_DAYS = 200;
const LONGEST_RUN_DAYS = 90;
const DAY_MS = 86_400_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; a prefix is folders of plain names. */
const IN_S3 = /^s3:([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9_.-]+)*)\/?$/;

/** `BLOBS`: where large values stand, `folder:/path` or `s3:bucket/prefix`. */
const placeSchema = z.string().transform((text, context) => {
  const folder = /^folder:(.+)$/.exec(text)?.[1];
  if (folder !== undefined && isAbsolute(folder)) return { kind: 'folder', folder } as const;
  const [, bucket, path] = IN_S3.exec(text) ?? [];
  if (bucket !== undefined && path !== undefined) return { kind: 's3', bucket, prefix: path.slice(1) } as const;
  context.addIssue({ code: 'custom', message: 'expected folder:/absolute/path or s3:bucket/prefix' });
  return z.NEVER;
});

export const blobVariables = {
  BLOBS: placeSchema,
  /** How long a blob is kept after it was last put; never less than a run may last. */
  BLOB_RETENTION_DAYS: z.coerce.number().int().min(LONGEST_RUN_DAYS).max(3_650).default(DEFAULT_DAYS),
  BLOB_S3_REGION: z.string().min(1).optional(),
  BLOB_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  BLOB_S3_PATH_STYLE: z.literal('1').optional(),
};

export type BlobConfig = z.infer<z.ZodObject<typeof blobVariables>>;

export type PlaceConfig = Omit<BlobConfig, 'BLOB_RETENTION_DAYS'>;

export function createStore(config: PlaceConfig): BlobStore {
  const { BLOBS: place, BLOB_S3_REGION: region, BLOB_S3_ENDPOINT: endpoint, BLOB_S3_PATH_STYLE: pathStyle } = config;
  if (place.kind === 'folder') return createFolderStore(place.folder);
  return createS3Store({ ...place, region, endpoint, usesPathStyle: pathStyle === '1' });
}

export function keepMsOf({ BLOB_RETENTION_DAYS: days }: Pick<BlobConfig, 'BLOB_RETENTION_DAYS'>): number {
  return days * DAY_MS;
}
