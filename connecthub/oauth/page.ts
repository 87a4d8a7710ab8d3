import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether a person looks at the answer: browsers ask for HTML first, programs for anything or JSON. */
export function wantsPage(request: FastifyRequest): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}

/** A page for the person in front of the browser: no script, nothing from elsewhere, every text escaped. */
export function sendPage(reply: FastifyReply, status: number, page: { title: string; text: string }): FastifyReply {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(page.title)}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1rem}</style>
<h1>${escape(page.title)}</h1>
<p>${escape(page.text)}</p>
</html>
`;
  return withoutTraces(reply)
    .status(status)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html);
}

/** Codes and states stand in these addresses: they are neither kept nor passed on. */
export function withoutTraces(reply: FastifyReply): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
