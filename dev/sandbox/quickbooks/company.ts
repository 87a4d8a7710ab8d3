import { notFound, QuickBooksFault } from './faults.ts';
import { ACCOUNTS, BILLS, COMPANY_NAME, CURRENCY, CUSTOMERS, INVOICES, ITEMS, PAYMENTS, VENDORS } from './seed.ts';

export type EntityName = 'Invoice' | 'Customer' | 'Payment' | 'Bill' | 'Vendor' | 'Item' | 'Account';
export type Entity = Record<string, unknown> & { Id: string };

export interface Company {
  readonly realmId: string;
  readonly name: string;
  readonly entities: { readonly [entity in EntityName]: Map<string, Entity> };
  /** What a request id was answered with: the same request again changes nothing. */
  readonly answered: Map<string, unknown>;
  /** Requests of the last minute, as milliseconds. */
  readonly requestTimes: number[];
  /** None until a test asks for it: a test's calls come faster than an employee's. */
  requestsPerSecond: number | undefined;
  /** ISO instant, and day, as the company's own zone (UTC-8) has it. */
  time(): string;
  today(): string;
  add(entity: EntityName, members: Record<string, unknown>): Entity;
}

const ZONE = '-08:00';
const ZONE_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

export function isoInZone(ms: number): string {
  return new Date(ms - ZONE_MS).toISOString().replace('Z', ZONE);
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A company with its seed; days of the seed are counted from now. */
export function createCompany(realmId: string, now: () => number): Company {
  let nextId = 1_000;
  const entities = {
    Invoice: new Map(),
    Customer: new Map(),
    Payment: new Map(),
    Bill: new Map(),
    Vendor: new Map(),
    Item: new Map(),
    Account: new Map(),
  };
  const company: Company = {
    realmId,
    name: COMPANY_NAME,
    entities,
    answered: new Map(),
    requestTimes: [],
    requestsPerSecond: undefined,
    time: () => isoInZone(now()),
    today: () => dayOf(now()),
    add: (entity, members) => {
      const id = typeof members['Id'] === 'string' ? members['Id'] : String((nextId += 1));
      const time = isoInZone(now());
      const made = {
        domain: 'QBO',
        sparse: false,
        ...members,
        Id: id,
        SyncToken: '0',
        MetaData: { CreateTime: time, LastUpdatedTime: time },
      };
      company.entities[entity].set(id, made);
      return made;
    },
  };
  seed(company, (days) => dayOf(now() + days * DAY_MS));
  return company;
}

export function find(company: Company, entity: EntityName, id: string): Entity {
  const found = company.entities[entity].get(id);
  if (found === undefined) throw notFound(`${entity} ${id}`);
  return found;
}

/** A reference with the name that QuickBooks adds; what it points at must be there. */
export function refTo(company: Company, entity: EntityName, id: string) {
  const found = company.entities[entity].get(id);
  if (found === undefined) throw new QuickBooksFault('2500', `Invalid Reference Id: ${entity} ${id}`);
  return { value: id, name: String(found['DisplayName'] ?? found['Name']) };
}

export const currencyRef = { value: CURRENCY, name: 'United States Dollar' };

function seed(company: Company, day: (days: number) => string): void {
  for (const { id, name } of ITEMS) company.add('Item', { Id: id, Name: name, Type: 'Service', Active: true });
  for (const { id, name, type } of ACCOUNTS) company.add('Account', { Id: id, Name: name, AccountType: type, Active: true });
  for (const { id, name, email } of VENDORS) {
    company.add('Vendor', { Id: id, DisplayName: name, PrimaryEmailAddr: { Address: email }, Active: true });
  }
  for (const { id, name, email, phone, notes, isInactive = false } of CUSTOMERS) {
    company.add('Customer', {
      Id: id,
      DisplayName: name,
      PrimaryEmailAddr: { Address: email },
      PrimaryPhone: { FreeFormNumber: phone },
      CurrencyRef: currencyRef,
      Active: !isInactive,
      Balance: 0,
      ...(notes !== undefined && { Notes: notes }),
    });
  }
  for (const one of INVOICES) seedInvoice(company, one, day);
  for (const { id, customer, invoice, amount, day: days, reference } of PAYMENTS) {
    company.add('Payment', {
      Id: id,
      TxnDate: day(days),
      CustomerRef: refTo(company, 'Customer', customer),
      CurrencyRef: currencyRef,
      TotalAmt: amount,
      UnappliedAmt: 0,
      PaymentRefNum: reference,
      Line: [{ Amount: amount, LinkedTxn: [{ TxnId: invoice, TxnType: 'Invoice' }] }],
    });
  }
  for (const { id, number, vendor, account, amount, balance, due, text } of BILLS) {
    const detail = { AccountRef: refTo(company, 'Account', account) };
    company.add('Bill', {
      Id: id,
      DocNumber: number,
      VendorRef: refTo(company, 'Vendor', vendor),
      CurrencyRef: currencyRef,
      TxnDate: day(due - 30),
      DueDate: day(due),
      TotalAmt: amount,
      Balance: balance,
      Line: [
        {
          Id: '1',
          Amount: amount,
          Description: text,
          DetailType: 'AccountBasedExpenseLineDetail',
          AccountBasedExpenseLineDetail: detail,
        },
      ],
    });
  }
}

function seedInvoice(company: Company, one: (typeof INVOICES)[number], day: (days: number) => string): void {
  const customer = find(company, 'Customer', one.customer);
  customer['Balance'] = Number(customer['Balance']) + one.balance;
  const sent = {
    EmailStatus: 'EmailSent',
    DeliveryInfo: { DeliveryType: 'Email', DeliveryTime: `${day(one.due - 30)}T09:00:00${ZONE}` },
  };
  const email = CUSTOMERS.find(({ id }) => id === one.customer)?.email;
  company.add('Invoice', {
    Id: one.id,
    DocNumber: one.number,
    CustomerRef: refTo(company, 'Customer', one.customer),
    CurrencyRef: currencyRef,
    TxnDate: day(one.due - 30),
    DueDate: day(one.due),
    TotalAmt: one.amount,
    Balance: one.balance,
    Line: [
      {
        Id: '1',
        Amount: one.amount,
        Description: one.text,
        DetailType: 'SalesItemLineDetail',
        SalesItemLineDetail: { ItemRef: refTo(company, 'Item', '2'), Qty: 1 },
      },
      { Amount: one.amount, DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} },
    ],
    ...(one.isSent === true ? { ...sent, BillEmail: { Address: email } } : { EmailStatus: 'NotSet' }),
  });
}
