import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startQuickBooks } from './testing.ts';
import type { Connected, QuickBooksHarness } from './testing.ts';

let h: QuickBooksHarness;
let company: Connected;
beforeAll(async () => {
  h = await startQuickBooks();
});
afterAll(() => h.sandbox.close());
beforeEach(async () => {
  company = await h.connect();
});

const get = (path: string) => h.call('GET', `${company.realm}/${path}`, company.token);
const post = (path: string, body?: object) => h.call('POST', `${company.realm}/${path}`, company.token, { ...body });
const query = (text: string) => get(`query?query=${encodeURIComponent(text)}`);
const rows = async (entity: string, text: string): Promise<Record<string, unknown>[]> => {
  const { body } = await query(text);
  const found: unknown = Reflect.get(Object(body['QueryResponse']), entity);
  return Array.isArray(found) ? found : [];
};
const codeOf = ({ body }: { body: Record<string, unknown> }) =>
  Reflect.get(Object(Reflect.get(Object(body['Fault']), 'Error'))[0], 'code');
const line = (amount: number) => ({
  DetailType: 'SalesItemLineDetail',
  Amount: amount,
  SalesItemLineDetail: { ItemRef: { value: '1' } },
});
const invoice = (amount = 100, customer = '4') => ({ CustomerRef: { value: customer }, Line: [line(amount)] });

describe('access', () => {
  it('ends with the token, and is of one company', async () => {
    expect(await h.call('GET', `${company.realm}/companyinfo/${company.realm}`, company.token)).toMatchObject({
      status: 200,
      body: { CompanyInfo: { CompanyName: 'Millrace Bindery' } },
    });
    const other = await h.connect();
    expect(await h.call('GET', `${other.realm}/companyinfo/1`, company.token)).toMatchObject({ status: 403 });
    await h.control.expireTokens(company.realm);
    const ended = await get('companyinfo/1');
    expect([ended.status, codeOf(ended)]).toEqual([401, '3200']);
  });

  it('is limited, with 429 and a fault', async () => {
    await h.control.quickbooks.allowPerSecond(company.realm, 1);
    const answers = await Promise.all([get('companyinfo/1'), get('companyinfo/1'), get('companyinfo/1')]);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.map(codeOf)).toContain('003001');
  });

  it('wants the minor version', async () => {
    const url = `${h.sandbox.url}/quickbooks/v3/company/${company.realm}/companyinfo/1`;
    expect((await fetch(url, { headers: { authorization: `Bearer ${company.token}` } })).status).toBe(400);
  });
});

describe('queries', () => {
  it('select by what can be compared, in an order, page by page', async () => {
    const open = await rows('Invoice', "SELECT * FROM Invoice WHERE Balance > '0' ORDERBY DueDate MAXRESULTS 2");
    expect(open.map(({ DocNumber }) => DocNumber)).toEqual(['1046', '1043']);
    const next = await rows('Invoice', "SELECT * FROM Invoice WHERE Balance > '0' ORDERBY DueDate STARTPOSITION 3 MAXRESULTS 1");
    expect(next.map(({ DocNumber }) => DocNumber)).toEqual(['1042']);
  });

  it('read quoted apostrophes, parts of names and lists', async () => {
    const name = String.raw`SELECT * FROM Customer WHERE DisplayName = 'O\'Malley Stationers'`;
    expect(await rows('Customer', name)).toMatchObject([{ Id: '3' }]);
    expect(await rows('Customer', "SELECT * FROM Customer WHERE DisplayName LIKE '%marsh%'")).toMatchObject([{ Id: '2' }]);
    expect(await rows('Customer', "SELECT * FROM Customer WHERE Id IN ('1', '2')")).toHaveLength(2);
  });

  it('leave out who is inactive', async () => {
    expect(await rows('Customer', "SELECT * FROM Customer WHERE DisplayName LIKE '%quarry%'")).toEqual([]);
  });

  it.each([
    ["SELECT * FROM Invoice WHERE PrivateNote LIKE '%x%'", '4001'],
    ["SELECT * FROM Invoice WHERE Id = '1' OR Id = '2'", '4000'],
    ["SELECT * FROM Customer WHERE DisplayName = 'O'Malley'", '4000'],
    ['SELECT * FROM Secret', '4001'],
    ['DELETE FROM Invoice', '4000'],
  ])('refuse %s', async (text, code) => {
    expect(codeOf(await query(text))).toBe(code);
  });
});

describe('what is made', () => {
  it('is made once for a request id, whatever is sent with it again', async () => {
    const first = await post('invoice?requestid=key-1', invoice(250));
    const again = await post('invoice?requestid=key-1', invoice(999));
    expect(again.body['Invoice']).toEqual(first.body['Invoice']);
    expect(await h.control.quickbooks.effects(company.realm)).toMatchObject([{ method: 'invoice.create', native_key: 'key-1' }]);
    expect((await post(`invoice?requestid=${'k'.repeat(51)}`, invoice())).status).toBe(400);
  });

  it('counts its lines and what the customer owes', async () => {
    const { body } = await post('invoice', { ...invoice(), Line: [line(0.1), line(0.2)] });
    expect(body['Invoice']).toMatchObject({
      TotalAmt: 0.3,
      Balance: 0.3,
      DocNumber: '1048',
      CustomerRef: { name: 'Larkfield Studio' },
    });
    const customer = await get('customer/4');
    expect(customer.body['Customer']).toMatchObject({ Balance: 2310.3 });
  });

  it('is paid by a payment that is linked with it, and never by more than is open', async () => {
    const payment = (amount: number) => ({
      CustomerRef: { value: '2' },
      TotalAmt: amount,
      Line: [{ Amount: amount, LinkedTxn: [{ TxnId: '143', TxnType: 'Invoice' }] }],
    });
    expect(codeOf(await post('payment', payment(640.01)))).toBe('6000');
    expect((await post('payment', payment(640))).status).toBe(200);
    expect((await get('invoice/143')).body['Invoice']).toMatchObject({ Balance: 0 });
  });

  it.each([
    ['customer', { DisplayName: 'hillside roofing' }, '6240'],
    ['invoice', invoice(1, '999'), '2500'],
    ['invoice', { ...invoice(), Surprise: true }, '2010'],
    ['bill', { VendorRef: { value: '51' }, Line: [] }, '2010'],
  ])('is refused: %s %j', async (path, body, code) => {
    expect(codeOf(await post(path, body))).toBe(code);
    expect(await h.control.quickbooks.effects(company.realm)).toEqual([]);
  });

  it('is changed only in the version that was read', async () => {
    const change = (SyncToken: string) =>
      post('customer', { Id: '1', SyncToken, sparse: true, DisplayName: 'Hillside Roofing', Notes: 'New' });
    expect((await change('0')).body['Customer']).toMatchObject({ SyncToken: '1', Notes: 'New' });
    expect(codeOf(await change('0'))).toBe('5010');
  });

  it('is mailed as often as it is asked for', async () => {
    const send = () =>
      fetch(`${h.sandbox.url}/quickbooks/v3/company/${company.realm}/invoice/145/send?requestid=k&minorversion=75`, {
        method: 'POST',
        headers: { authorization: `Bearer ${company.token}`, 'content-type': 'application/octet-stream' },
        body: '',
      });
    for (const answer of [await send(), await send()])
      expect(await answer.json()).toMatchObject({
        Invoice: { EmailStatus: 'EmailSent', DeliveryInfo: { DeliveryType: 'Email' } },
      });
    expect(await h.control.quickbooks.effects(company.realm)).toHaveLength(2);
  });
});

describe('reports', () => {
  it('add up', async () => {
    const aged = await get('reports/AgedReceivables');
    expect(JSON.stringify(aged.body['Rows'])).toContain(
      '{"value":"TOTAL"},{"value":"6210.00"},{"value":"4320.50"},{"value":"640.00"},{"value":""},{"value":"7200.00"},{"value":"18370.50"}',
    );
    const wide = await get('reports/ProfitAndLoss?start_date=2000-01-01&end_date=2100-01-01');
    expect(JSON.stringify(wide.body['Rows'])).toContain('{"value":"Net Income"},{"value":"29260.10"}');
  });
});
