import { ClancyError } from '../../contracts/errors.ts';
import { createOutgoingClient, OutgoingError } from '../../platform/outgoing/client.ts';
import { MAX_DOCUMENT_BYTES } from '../../platform/documents/read-document.ts';

const TIMEOUT_MS = 10_000;

/**
 * The text of a document at an address, asked for once through the guarded way out: no redirect, no private address, no
 * more than its client takes.
 *
 * @throws ClancyError `invalid_request` with what went wrong
 */
export async function fetchDocument(url: URL, options: { allowLoopback: boolean }): Promise<string> {
  const accept = 'application/openapi+json, application/json, application/yaml, text/yaml;q=0.9, */*;q=0.1';
  // One of its own: documents may be larger than answers of providers.
  const documents = createOutgoingClient({ ...options, maxAnswerBytes: MAX_DOCUMENT_BYTES });
  try {
    const { status, headers, body } = await documents.send({
      method: 'GET',
      url,
      headers: { accept },
      timeoutMs: TIMEOUT_MS,
      allowedOrigin: url.origin,
    });
    if (status === 200) return body;
    const isRedirect = status >= 300 && status < 400 && headers['location'] !== undefined;
    throw unusable(
      isRedirect ? 'it leads elsewhere, and redirects are not followed: give the last address' : `it answers ${status}`,
    );
  } catch (error) {
    if (error instanceof OutgoingError) throw unusable(`it cannot be read (${error.reason})`);
    throw error;
  } finally {
    await documents.close();
  }
}

function unusable(message: string): ClancyError {
  return new ClancyError('invalid_request', 'There is no document at this address.', {
    fields: [{ field: '/document_url', message }],
    next: 'Or send the document itself: `document`.',
  });
}
