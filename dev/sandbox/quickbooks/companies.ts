import { randomInt } from 'node:crypto';
import { createCompany } from './company.ts';
import type { Company } from './company.ts';

/** Where a person lands who names no company. */
export const HOME_REALM = '9341450000000042';
export const REALM_ID = /^\d{10,20}$/;

export interface Companies {
  find(realmId: string): Company | undefined;
  /** Makes (or finds) a seeded company; a new one of its own where none is named. */
  ensure(realmId?: string): Company;
}

export function createCompanies(now: () => number): Companies {
  const companies = new Map<string, Company>();
  return {
    find: (realmId) => companies.get(realmId),
    ensure(realmId = `93414${randomInt(10 ** 10, 10 ** 11)}`) {
      const company = companies.get(realmId) ?? createCompany(realmId, now);
      companies.set(realmId, company);
      return company;
    },
  };
}
