import type { Json } from '../../../../contracts/json.ts';

/** What `sg_read_channel_v1` answers, for the worked examples. */
export const sampleChannel: Json = {
  channel: '#help',
  more: false,
  total: 1,
  messages: [{ ts: '1.1', user: 'U1', text: 'Printer is on fire', replies: 2 }],
};

/** What the digest's `choose` makes of it. */
export const sampleDigest: Json = [
  { channel: '#help', total: 1, more: false, shown: [{ ts: '1.1', user: 'U1', text: 'Printer is on fire', replies: 2 }] },
];
