import type { FastifyRequest } from 'fastify';

/** `type/subtype` of RFC 9110, 8.3.1, without parameters: it is shown to people and stands in headers of mails. */
const MEDIA_TYPE = /^([a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63})(?:\s*;|\s*$)/i;
const UNKNOWN = 'application/octet-stream';

/** What the sender says the body is; what is no media type is bytes. */
export function mediaTypeOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  return MEDIA_TYPE.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? UNKNOWN;
}
