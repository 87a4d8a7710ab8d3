import { z } from 'zod';
import type { WebhookSettings } from './definition.ts';

/** Shorter than what any provider makes: a secret that can be guessed is none. */
const MIN_SECRET_LENGTH = 16;

/** One secret, or two of them while one takes the place of the other. */
const secrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine(
    (all) => all.every((secret) => secret.length >= MIN_SECRET_LENGTH),
    'expected secrets of 16 characters or more, separated by commas',
  )
  .optional();

const emails = z
  .string()
  .transform((text) => text.split(',').map((email) => email.trim()))
  .refine(
    (all) => all.every((email) => /^[^\s@]+@[^\s@]+$/.test(email)),
    'expected addresses of service accounts, separated by commas',
  )
  .optional();

/** What webhooks are verified with: a provider without it is not listened to. */
export const webhookVariables = {
  SLACK_SIGNING_SECRET: secrets,
  QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN: secrets,
  GITHUB_WEBHOOK_SECRET: secrets,
  STRIPE_WEBHOOK_SECRET: secrets,
  GMAIL_PUSH_AUDIENCE: z.string().min(1).optional(),
  GMAIL_PUSH_SERVICE_ACCOUNT: emails,
  GMAIL_PUSH_TOPIC: z
    .string()
    .regex(/^projects\/[^/\s]+\/topics\/[^/\s]+$/, 'expected projects/<project>/topics/<topic>')
    .optional(),
};

type WebhookConfig = z.infer<z.ZodObject<typeof webhookVariables>>;

/** Of one without the others nothing can be verified. */
export function isWholePush({
  GMAIL_PUSH_AUDIENCE: audience,
  GMAIL_PUSH_SERVICE_ACCOUNT: account,
  GMAIL_PUSH_TOPIC: topic,
}: WebhookConfig): boolean {
  return (audience === undefined) === (account === undefined) && (topic === undefined || audience !== undefined);
}
export const HALF_PUSH = {
  path: ['GMAIL_PUSH_AUDIENCE'],
  message: 'set GMAIL_PUSH_AUDIENCE and GMAIL_PUSH_SERVICE_ACCOUNT, or neither',
};

/** By provider. */
export function webhookSettings(config: WebhookConfig): { [provider: string]: WebhookSettings | undefined } {
  const signed = (own: string[] | undefined) => own && { secrets: own };
  const { GMAIL_PUSH_AUDIENCE: audience, GMAIL_PUSH_SERVICE_ACCOUNT: serviceAccounts, GMAIL_PUSH_TOPIC: topic } = config;
  const hasPush = audience !== undefined && serviceAccounts !== undefined;
  return {
    slack: signed(config.SLACK_SIGNING_SECRET),
    quickbooks: signed(config.QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN),
    github: signed(config.GITHUB_WEBHOOK_SECRET),
    stripe: signed(config.STRIPE_WEBHOOK_SECRET),
    gmail: hasPush ? { secrets: [], push: { audience, serviceAccounts, ...(topic !== undefined && { topic }) } } : undefined,
  };
}
