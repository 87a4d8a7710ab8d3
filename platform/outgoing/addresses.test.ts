import { expect, it } from 'vitest';
import { isReachable } from './addresses.ts';

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '2002:a00:1::',
  'fc00::1',
  'fe80::1',
  'ff02::1',
  'localhost',
  '',
])('%s is never reached, waiver or not', (address) => {
  expect([isReachable(address, false), isReachable(address, true)]).toEqual([false, false]);
});

it.each(['127.0.0.1', '127.8.9.10', '::1'])('%s is reached only with the waiver', (address) => {
  expect([isReachable(address, false), isReachable(address, true)]).toEqual([false, true]);
});

it.each(['1.1.1.1', '172.32.0.1', '192.167.255.255', '2606:4700::1111'])('%s is reached', (address) => {
  expect(isReachable(address, false)).toBe(true);
});
