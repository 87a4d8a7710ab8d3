import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { ClancyError, type FieldError } from '../../contracts/errors.ts';

/** Any thrown value as an error with a code: what Fastify and zod say in their words, said in ours. */
export function toClancyError(thrown: unknown): ClancyError {
  if (thrown instanceof ClancyError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) return invalidRequest(thrown.validation.map(toField));
  if (isResponseSerializationError(thrown))
    return new ClancyError('internal', 'The answer broke its own contract.', { cause: thrown });
  const status = statusOfFastify(thrown);
  if (status === 413) return new ClancyError('payload_too_large', 'The body is larger than 1 MiB.');
  if (status !== undefined && status >= 400 && status < 500) return invalidRequest([], messageOf(thrown));
  return new ClancyError('internal', 'Unexpected failure.', { cause: thrown });
}

function invalidRequest(fields: FieldError[], message = 'The request does not fit its contract.'): ClancyError {
  return new ClancyError('invalid_request', message, { fields, next: 'See /docs for the contract of this route.' });
}

function toField(issue: { instancePath: string; message?: string | undefined }): FieldError {
  return { field: issue.instancePath === '' ? '/' : issue.instancePath, message: issue.message ?? 'invalid' };
}

function statusOfFastify(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'invalid request';
}
