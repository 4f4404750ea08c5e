import { setTimeout as wait } from 'node:timers/promises';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { describeClockContract } from '../gateway/ports/clock.contract.js';
import { systemClock } from './system-clock.js';

// The one place where a test must wait for real time: that is what is under test.
describeClockContract('the system’s', () => ({ clock: systemClock, pass: async (ms) => void (await wait(ms)) }));

describeClockContract('the tests’ own', () => {
  const clock = fakeClock();
  return { clock, pass: async (ms) => clock.advance(ms) };
});
