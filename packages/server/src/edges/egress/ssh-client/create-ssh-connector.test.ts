import { describe } from 'vitest';
import { type SshdOptions, sshdMissing, startSshd } from '../../../../test/fixtures/sshd.js';
import { describeTargetConnectorContract } from '../../../gateway/ports/target-connector.contract.js';
import { createSshConnector } from './create-ssh-connector.js';

const PASSWORD = 'p4ss wörd';

for (const [name, options] of [
  ['key sign-in', {}],
  ['password sign-in', { password: PASSWORD }],
] satisfies readonly (readonly [string, SshdOptions])[]) {
  const missing = sshdMissing(options);
  describe.skipIf(missing !== undefined)(`X2: OpenSSH, ${name}${missing ? ` (${missing})` : ''}`, () => {
    describeTargetConnectorContract(name, async () => {
      const sshd = await startSshd(options);
      return {
        connector: createSshConnector(),
        way: {
          target: { hostName: 'web-1', address: sshd.address, port: sshd.port, legacyAlgorithms: false },
          login: sshd.login,
          secret:
            sshd.password === undefined
              ? { kind: 'key', privateKey: sshd.userKey.text }
              : { kind: 'password', password: sshd.password },
        },
        stop: () => sshd.stop(),
      };
    });
  });
}
