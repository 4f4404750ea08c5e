import type { HostKeyAnswer } from '@sallyport/core/wire/api-answers.js';
import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { CopyLine } from '../ui/copy.js';
import { SearchBox } from '../ui/field.js';
import { compareFingerprint, inFours } from './fingerprint.js';

const KEY_FILE: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ssh_host_ed25519_key.pub',
  'ssh-rsa': 'ssh_host_rsa_key.pub',
  'rsa-sha2-256': 'ssh_host_rsa_key.pub',
  'rsa-sha2-512': 'ssh_host_rsa_key.pub',
};

/** One fingerprint in groups of four; groups that differ from another are marked. */
export function Fingerprint({ fingerprint, differs = [] }: { fingerprint: string; differs?: readonly number[] }) {
  return (
    <div className="fp">
      {inFours(fingerprint).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
        <span key={index} className={differs.includes(index) ? 'differs' : undefined}>
          {group}
        </span>
      ))}
    </div>
  );
}

/** Is this the host you know? The command to run there, the key in fours, and a box that compares for you. */
export function CompareKey(props: {
  hostKey: HostKeyAnswer;
  focus?: boolean;
  /** Told whether what was pasted is another key. */
  onDiffers(differs: boolean): void;
}) {
  const { hostKey, focus = false, onDiffers } = props;
  const t = useText();
  const [pasted, setPasted] = useState('');
  const found = compareFingerprint(hostKey.fingerprint, pasted);
  const file = KEY_FILE[hostKey.algorithm] ?? 'ssh_host_ecdsa_key.pub';
  return (
    <div className="stack">
      <div>
        <h3>{t('inventory.compare-title')}</h3>
        <p className="t2 meta">{t('inventory.compare-how')}</p>
      </div>
      <CopyLine text={`ssh-keygen -lf /etc/ssh/${file}`} label={t('inventory.copy-command')} />
      <div className="fp-box">
        <p className="meta t3">{t('inventory.key-kind', { algorithm: hostKey.algorithm })}</p>
        <Fingerprint fingerprint={hostKey.fingerprint} {...(found.kind === 'differs' && { differs: found.groups })} />
      </div>
      <SearchBox
        icon={found.kind === 'same' ? 'check' : 'key'}
        label={t('inventory.compare-paste')}
        value={pasted}
        onValue={(text) => {
          setPasted(text);
          onDiffers(compareFingerprint(hostKey.fingerprint, text).kind === 'differs');
        }}
        autoFocus={focus}
        mono
      />
      <p className={found.kind === 'same' ? 'meta c-accent' : 'meta c-danger'} role="status">
        {found.kind === 'same' && <b>{t('inventory.compare-same', { characters: found.characters })}</b>}
        {found.kind === 'differs' && <b>{t('inventory.compare-differs', { groups: found.groups.length })}</b>}
        {found.kind === 'unreadable' && t('inventory.compare-unreadable')}
      </p>
    </div>
  );
}
