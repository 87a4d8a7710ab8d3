/** Where the objects are: a folder or a bucket. Knows nothing of organisations, hashes or keys; what it gets is sealed. */
export interface BlobStore {
  /**
   * Writes an object of exactly `size` bytes. It is there as a whole when this resolves, and not at all when it rejects,
   * which it does with what `body` throws.
   */
  put(name: ObjectName, body: AsyncIterable<Buffer>, size: number): Promise<void>;
  /** Undefined where there is no such object. */
  get(name: ObjectName): Promise<AsyncIterable<Buffer> | undefined>;
  /** No error where there is none. */
  delete(name: ObjectName): Promise<void>;
}

export interface ObjectName {
  orgId: string;
  objectId: string;
}

const ORG_ID = /^[A-Za-z0-9_-]{1,100}$/;
const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An organisation's objects stand below a prefix of its own. @throws RangeError for what would lead anywhere else. */
export function keyOf({ orgId, objectId }: ObjectName): string {
  if (!ORG_ID.test(orgId) || !OBJECT_ID.test(objectId)) throw new RangeError('not the name of an object');
  return `${orgId}/${objectId}`;
}
