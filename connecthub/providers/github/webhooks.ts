import { z } from 'zod';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import { jsonOf, readShape } from '../../webhooks/body.ts';
import { cutText, present } from '../../webhooks/cut.ts';
import type { WebhookDefinition } from '../../webhooks/definition.ts';
import { digestOf, hexSignature, hmacSha256, isSignedWith } from '../../webhooks/signatures.ts';
import { githubSubscription, nameOfRepository } from './subscription.ts';

const word = z.string().max(300).nullish();
const long = z.string().nullish();
const personSchema = z.looseObject({ id: z.int(), login: z.string().max(100), type: word });
/** Made by an application in a person's name. */
const made = { performed_via_github_app: z.looseObject({ client_id: word }).nullish() };
const thingSchema = z.looseObject({
  number: z.int().nullish(),
  title: long,
  body: long,
  state: word,
  html_url: word,
  created_at: word,
  updated_at: word,
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  user: personSchema.nullish(),
  labels: z.array(z.looseObject({ name: z.string().max(200) })).nullish(),
  ...made,
});
const commentSchema = z.looseObject({
  id: z.int(),
  body: long,
  html_url: word,
  updated_at: word,
  user: personSchema.nullish(),
  ...made,
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads, as far as we look at it. */
const payloadSchema = z.looseObject({
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,60}$/)
    .optional(),
  sender: personSchema.nullish(),
  repository: z.looseObject({ id: z.int(), full_name: z.string().max(300), private: z.boolean().nullish(), html_url: word }),
  issue: thingSchema.nullish(),
  pull_request: thingSchema.nullish(),
  comment: commentSchema.nullish(),
  ref: word,
  before: word,
  after: word,
  head_commit: z.looseObject({ timestamp: word, message: long }).nullish(),
  commits: z
    .array(z.looseObject({ id: word, message: long, author: z.looseObject({ username: word, name: word }).nullish() }))
    .nullish(),
});
type Payload = z.infer<typeof payloadSchema>;

const eventNameSchema = z.string().regex(/^[a-z][a-z0-9_]{0,60}$/);
const deliverySchema = z.string().regex(/^[A-Za-z0-9-]{1,100}$/);
const MAX_COMMITS = 20;
const MAX_MESSAGE = 500;

/** Events of repositories that a connected person can see. */
export const githubWebhooks: WebhookDefinition = {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries: the older `X-Hub-Signature` is SHA-1.
  proof: {
    by: 'secret',
    isSigned: ({ body, headers }, secrets) => {
      const given = /^sha256=(.*)$/.exec(headers['x-hub-signature-256'] ?? '')?.[1];
      return isSignedWith(secrets, (secret) => hmacSha256(secret, body), hexSignature(given));
    },
  },
  events: (delivery, { clientId }) => {
    const name = eventNameSchema.safeParse(delivery.headers['x-github-event']).data;
    const externalId = deliverySchema.safeParse(delivery.headers['x-github-delivery']).data;
    const payload = readShape(payloadSchema, jsonOf(delivery));
    if (name === undefined || externalId === undefined || !payload || isOurOwn(payload, clientId)) return [];
    const text = cutText(payload.comment?.body ?? payload.issue?.body ?? payload.pull_request?.body ?? '');
    return [
      {
        accounts: [nameOfRepository(payload.repository.id)],
        externalId,
        // The headers are not signed: the same bytes under another id are the same event.
        fingerprint: digestOf(delivery.body),
        type: ['github', name, payload.action].filter((part) => part !== undefined).join('.'),
        occurredAt: timeOf(payload) ?? delivery.receivedAt,
        payload: cut(payload),
        ...(text !== '' && { text }),
      },
    ];
  },
  subscription: githubSubscription,
};

/** What we wrote ourselves in a person's name: an answer to it would be answered again. */
function isOurOwn({ action, comment, issue, pull_request: pull }: Payload, clientId: string): boolean {
  const written = comment ? action === 'created' && comment : action === 'opened' && (issue ?? pull);
  return written !== false && written?.performed_via_github_app?.client_id === clientId;
}

function timeOf({ comment, issue, pull_request: pull, head_commit: commit }: Payload): Date | undefined {
  const told = Date.parse(comment?.updated_at ?? issue?.updated_at ?? pull?.updated_at ?? commit?.timestamp ?? '');
  return Number.isNaN(told) ? undefined : new Date(told);
}

function cut({
  action,
  sender,
  repository,
  issue,
  pull_request: pull,
  comment,
  ref,
  before,
  after,
  commits,
}: Payload): JsonObject {
  return present({
    action,
    user: sender?.login,
    repository: repository.full_name,
    repository_url: repository.html_url ?? undefined,
    is_private: repository.private ?? undefined,
    issue: issue ? thing(issue) : undefined,
    pull_request: pull ? thing(pull) : undefined,
    comment: comment
      ? present({
          id: comment.id,
          url: comment.html_url ?? undefined,
          user: comment.user?.login,
          body: cutText(comment.body ?? ''),
        })
      : undefined,
    ref: ref ?? undefined,
    before: before ?? undefined,
    after: after ?? undefined,
    commits: commits?.slice(0, MAX_COMMITS).map((one): Json =>
      present({
        id: one.id ?? undefined,
        message: cutText(one.message ?? '', MAX_MESSAGE),
        author: one.author?.username ?? one.author?.name ?? undefined,
      }),
    ),
  });
}

function thing({ number, title, state, html_url: url, user, labels, draft, merged }: z.infer<typeof thingSchema>): JsonObject {
  return present({
    number: number ?? undefined,
    title: cutText(title ?? '', MAX_MESSAGE),
    state: state ?? undefined,
    url: url ?? undefined,
    user: user?.login,
    labels: labels?.slice(0, MAX_COMMITS).map(({ name }) => name),
    is_draft: draft ?? undefined,
    is_merged: merged ?? undefined,
  });
}
