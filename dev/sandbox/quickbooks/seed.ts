/** The company that every realm of the sandbox starts as: the books of the bindery of the Slack workspace. */

/** Days from the day on which the company is made; negative = before. */
export interface SeedInvoice {
  id: string;
  number: string;
  customer: string;
  amount: number;
  balance: number;
  due: number;
  text: string;
  email?: string;
  isSent?: boolean;
}

export const COMPANY_NAME = 'Millrace Bindery';
export const CURRENCY = 'USD';

export const CUSTOMERS = [
  { id: '1', name: 'Hillside Roofing', email: 'accounts@hillside.example', phone: '(555) 010-1201' },
  { id: '2', name: 'Marsh & Sons', email: 'office@marshandsons.example', phone: '(555) 010-1202' },
  { id: '3', name: "O'Malley Stationers", email: 'orders@omalley.example', phone: '(555) 010-1203' },
  { id: '4', name: 'Larkfield Studio', email: 'partners@larkfield.example', phone: '(555) 010-1204' },
  {
    id: '5',
    name: 'Fernhollow Furniture',
    email: 'bills@fernhollow.example',
    phone: '(555) 010-1205',
    notes: 'Ring before a third reminder.',
  },
  { id: '6', name: 'Tidewater Press', email: 'ap@tidewater.example', phone: '(555) 010-1206' },
  { id: '7', name: 'Old Quarry Prints', email: 'hello@oldquarry.example', phone: '(555) 010-1207', isInactive: true },
];

export const INVOICES: SeedInvoice[] = [
  { id: '140', number: '1040', customer: '2', amount: 450, balance: 0, due: -60, text: 'Rebinding, 15 volumes', isSent: true },
  { id: '141', number: '1041', customer: '6', amount: 980, balance: 0, due: -33, text: 'Catalogue, first run', isSent: true },
  {
    id: '142',
    number: '1042',
    customer: '1',
    amount: 8_400,
    balance: 4_200,
    due: -20,
    text: 'Sample books, stage 2',
    isSent: true,
  },
  {
    id: '143',
    number: '1043',
    customer: '2',
    amount: 640,
    balance: 640,
    due: -45,
    text: 'Restoration of a ledger',
    isSent: true,
  },
  { id: '144', number: '1044', customer: '3', amount: 120.5, balance: 120.5, due: -9, text: 'Notebooks, sewn' },
  { id: '145', number: '1045', customer: '4', amount: 2_310, balance: 2_310, due: 12, text: 'Portfolio boxes', isSent: true },
  { id: '146', number: '1046', customer: '5', amount: 15_000, balance: 7_200, due: -95, text: 'Pattern books', isSent: true },
  { id: '147', number: '1047', customer: '1', amount: 3_900, balance: 3_900, due: 14, text: 'Sample books, stage 3' },
];

export const PAYMENTS = [
  { id: '301', customer: '2', invoice: '140', amount: 450, day: -58, reference: 'TRF-2201' },
  { id: '302', customer: '6', invoice: '141', amount: 980, day: -35, reference: 'TRF-2214' },
  { id: '303', customer: '1', invoice: '142', amount: 4_200, day: -15, reference: 'TRF-2230' },
  { id: '304', customer: '5', invoice: '146', amount: 7_800, day: -70, reference: 'TRF-2190' },
];

export const VENDORS = [
  { id: '51', name: 'Norden Paper Mills', email: 'invoices@nordenpaper.example' },
  { id: '52', name: 'Bright Adhesives', email: 'billing@brightadhesives.example' },
];

export const BILLS = [
  { id: '201', number: 'NP-778', vendor: '51', account: '61', amount: 1_240, balance: 1_240, due: 4, text: 'Ivory stock, 2 t' },
  { id: '202', number: 'BA-1001', vendor: '52', account: '61', amount: 310.4, balance: 310.4, due: -3, text: 'PVA, 40 l' },
  { id: '203', number: 'NP-741', vendor: '51', account: '61', amount: 990, balance: 0, due: -31, text: 'Grey board' },
];

export const ITEMS = [
  { id: '1', name: 'Services' },
  { id: '2', name: 'Binding' },
  { id: '3', name: 'Restoration' },
];

export const ACCOUNTS = [
  { id: '61', name: 'Materials', type: 'Expense' },
  { id: '62', name: 'Rent', type: 'Expense' },
  { id: '63', name: 'Utilities', type: 'Expense' },
  { id: '71', name: 'Sales', type: 'Income' },
];
