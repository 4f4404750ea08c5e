import { useEffect, useState } from 'react';
import { useText } from '../i18n/provider.js';

/** Quick answers never flash bones. */
const AFTER_MS = 150;
const WIDTHS = [42, 58, 36, 66, 50, 44];

export function SkeletonRows({ rows = 6, columns = 4 }: { rows?: number; columns?: number }) {
  const [shown, setShown] = useState(false);
  const t = useText();
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div role="status" aria-busy="true">
      <span className="sr">{t('common.loading')}</span>
      <table className="tbl" aria-hidden="true">
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
            <tr key={row}>
              {Array.from({ length: columns }, (_, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
                <td key={column}>
                  <span className="sk" style={{ width: `${WIDTHS[(row + column * 2) % WIDTHS.length]}%` }} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
