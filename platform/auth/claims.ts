import { z } from 'zod';
import { qualifiedCapabilitySchema } from '../../contracts/capability.ts';
import { isEmployeeId } from '../../contracts/ids.ts';

/** Shapes of single claims, shared by all verifiers. Identifiers are bounded so that none can flood a log or a key. */
export const orgIdClaim = z.string().regex(/^org_[A-Za-z0-9_-]{1,60}$/);
export const userIdClaim = z.string().regex(/^user_[A-Za-z0-9_-]{1,60}$/);
export const employeeIdClaim = z.string().refine(isEmployeeId, 'not an employee id');
/** Cognito app client ids are `[\w+]+`: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html */
export const clientIdClaim = z.string().regex(/^[\w+]{1,128}$/);
/** Seconds since the epoch (RFC 7519 NumericDate), whole: fractions and infinities are refused. */
export const numericDate = z.int().positive();

/** Qualified capabilities, each once. Their form knows neither upper case, Unicode nor wildcards. */
export const capabilityScopeClaim = z
  .array(qualifiedCapabilitySchema)
  .max(500)
  .refine((scope) => new Set(scope).size === scope.length, 'duplicate capability');
