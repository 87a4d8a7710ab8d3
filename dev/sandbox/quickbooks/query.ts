import type { Company, Entity, EntityName } from './company.ts';
import { QuickBooksFault } from './faults.ts';

/** What a WHERE or ORDERBY may name; anything else is refused, as notes and lines are by Intuit. */
const QUERYABLE: { readonly [entity in EntityName]: readonly string[] } = {
  Invoice: ['Id', 'DocNumber', 'TxnDate', 'DueDate', 'Balance', 'TotalAmt', 'CustomerRef', 'MetaData.CreateTime'],
  Customer: ['Id', 'DisplayName', 'CompanyName', 'PrimaryEmailAddr', 'Active', 'Balance', 'MetaData.CreateTime'],
  Payment: ['Id', 'TxnDate', 'TotalAmt', 'CustomerRef', 'MetaData.CreateTime'],
  Bill: ['Id', 'DocNumber', 'TxnDate', 'DueDate', 'Balance', 'TotalAmt', 'VendorRef', 'MetaData.CreateTime'],
  Vendor: ['Id', 'DisplayName', 'PrimaryEmailAddr', 'Active', 'MetaData.CreateTime'],
  Item: ['Id', 'Name', 'Type', 'Active', 'MetaData.CreateTime'],
  Account: ['Id', 'Name', 'AccountType', 'Active', 'MetaData.CreateTime'],
};
const NUMBERS = new Set(['Balance', 'TotalAmt']);
const MAX_RESULTS = 1_000;

interface Condition {
  property: string;
  operator: string;
  values: string[];
}

const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|(<=|>=|=|<|>|\(|\)|,|\*)|([A-Za-z0-9_.]+))/y;

type Token = { text: string; isValue: boolean };

function tokenise(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = query.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw syntax(text.slice(at, at + 20));
    const [, value, sign, word] = match;
    if (value !== undefined) tokens.push({ text: value.replace(/\\(.)/g, '$1'), isValue: true });
    else tokens.push({ text: sign ?? word ?? '', isValue: false });
  }
  return tokens;
}

function syntax(near: string): QuickBooksFault {
  return new QuickBooksFault('4000', `QueryParserError: near ${near}`);
}

/** Intuit's query language, as far as it goes: AND only, one entity, no functions. Throws a fault for anything else. */
export function runQuery(company: Company, query: string): Record<string, unknown> {
  const tokens = tokenise(query);
  const take = (): Token => tokens.shift() ?? { text: '', isValue: false };
  const word = (...wanted: string[]): string => {
    const token = take();
    if (token.isValue || !wanted.includes(token.text.toUpperCase())) throw syntax(token.text);
    return token.text;
  };
  const isNext = (wanted: string): boolean => tokens[0]?.isValue === false && tokens[0].text.toUpperCase() === wanted;
  word('SELECT');
  word('*');
  word('FROM');
  const entity = entityOf(take().text);
  const conditions: Condition[] = [];
  if (isNext('WHERE')) {
    do {
      take();
      conditions.push(readCondition(entity, take, isNext));
    } while (isNext('AND'));
  }
  const order = isNext('ORDERBY') ? (take(), readOrder(entity, take, isNext)) : undefined;
  const start = isNext('STARTPOSITION') ? (take(), numberOf(take())) : 1;
  const max = isNext('MAXRESULTS') ? (take(), Math.min(numberOf(take()), MAX_RESULTS)) : 100;
  if (tokens.length > 0) throw syntax(take().text);
  const found = select(company, entity, conditions, order).slice(start - 1, start - 1 + max);
  return found.length === 0 ? {} : { [entity]: found, startPosition: start, maxResults: found.length };
}

function entityOf(name: string): EntityName {
  const known = (Object.keys(QUERYABLE) as EntityName[]).find((one) => one === name);
  if (known === undefined) throw new QuickBooksFault('4001', `Invalid query: Metadata not found for Entity: ${name}`);
  return known;
}

function propertyOf(entity: EntityName, name: string): string {
  if (QUERYABLE[entity].includes(name)) return name;
  throw new QuickBooksFault('4001', `Invalid query: property '${name}' of ${entity} is not queryable`);
}

function readCondition(entity: EntityName, take: () => Token, isNext: (wanted: string) => boolean): Condition {
  const property = propertyOf(entity, take().text);
  const operator = take().text.toUpperCase();
  if (!['=', '<', '<=', '>', '>=', 'LIKE', 'IN'].includes(operator)) throw syntax(operator);
  if (operator !== 'IN') return { property, operator, values: [take().text] };
  const values: string[] = [];
  if (take().text !== '(') throw syntax('IN');
  do values.push(take().text);
  while (isNext(',') && take());
  if (take().text !== ')') throw syntax('IN');
  return { property, operator, values };
}

type Order = { property: string; isDescending: boolean };

function readOrder(entity: EntityName, take: () => Token, isNext: (wanted: string) => boolean): Order {
  const property = propertyOf(entity, take().text);
  const isDescending = isNext('DESC');
  if (isDescending || isNext('ASC')) take();
  return { property, isDescending };
}

function numberOf({ text }: Token): number {
  if (!/^[1-9]\d*$/.test(text)) throw syntax(text);
  return Number(text);
}

function select(company: Company, entity: EntityName, conditions: Condition[], order: Order | undefined): Entity[] {
  const asksActive = conditions.some(({ property }) => property === 'Active');
  const all = [...company.entities[entity].values()].filter((one) => asksActive || one['Active'] !== false);
  const found = all.filter((one) => conditions.every((condition) => holds(one, condition)));
  if (order === undefined) return found;
  const { property, isDescending } = order;
  return found.toSorted((a, b) => compare(property, valueOf(a, property), valueOf(b, property)) * (isDescending ? -1 : 1));
}

function valueOf(entity: Entity, property: string): string {
  if (property === 'MetaData.CreateTime') return String(Reflect.get(Object(entity['MetaData']), 'CreateTime'));
  const value = entity[property];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const inner: unknown = Reflect.get(Object(value), 'value') ?? Reflect.get(Object(value), 'Address');
  return typeof inner === 'string' ? inner : '';
}

function compare(property: string, a: string, b: string): number {
  if (NUMBERS.has(property)) return Number(a) - Number(b);
  if (property === 'MetaData.CreateTime') return Date.parse(a) - Date.parse(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(entity: Entity, { property, operator, values }: Condition): boolean {
  const value = valueOf(entity, property);
  if (operator === 'IN') return values.includes(value);
  const [wanted = ''] = values;
  if (operator === 'LIKE') return isLike(value, wanted);
  const order = compare(property, value, wanted);
  if (operator === '=') return order === 0;
  if (operator === '<' || operator === '<=') return order < 0 || (operator === '<=' && order === 0);
  return order > 0 || (operator === '>=' && order === 0);
}

function isLike(value: string, pattern: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split('%')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value.toLowerCase());
}
