import { z } from 'zod';

/** Shapes of single claims, shared by all verifiers. Identifiers are bounded so that none can flood a log or a key. */
export const orgIdClaim = z.string().regex(/^org_[A-Za-z0-9_-]{1,60}$/);
export const userIdClaim = z.string().regex(/^user_[A-Za-z0-9_-]{1,60}$/);
/** 26 characters of lower-case Crockford base32. */
export const employeeIdClaim = z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/);
/** Cognito app client ids are `[\w+]+`: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html */
export const clientIdClaim = z.string().regex(/^[\w+]{1,128}$/);
/** Seconds since the epoch (RFC 7519 NumericDate), whole: fractions and infinities are refused. */
export const numericDate = z.int().positive();

/** A qualified capability such as `slack/slack.post`: ASCII lower case, so no case, Unicode or wildcard form exists. */
export const qualifiedCapabilityClaim = z
  .string()
  .max(128)
  .regex(/^[a-z][a-z0-9_-]*\/[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$/);

/** A list of qualified capabilities without duplicates. */
export const capabilityScopeClaim = z
  .array(qualifiedCapabilityClaim)
  .max(500)
  .refine((scope) => new Set(scope).size === scope.length, 'duplicate capability');
