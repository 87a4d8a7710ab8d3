import { z } from 'zod';

export const providerInput = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a provider, such as desk');
