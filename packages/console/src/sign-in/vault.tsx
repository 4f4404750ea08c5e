const RINGS = [0, 1, 2, 3];
const STONES = Array.from({ length: 13 }, (_, index) => (Math.PI * index) / 12);

/** The gatehouse round the door: rings of stone, drawn as lines. */
export function Vault() {
  return (
    <svg className="vault" viewBox="0 0 900 620" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
      {RINGS.map((ring) => (
        <path
          key={ring}
          d={`M${150 + ring * 46} 620V300a${300 - ring * 46} ${300 - ring * 46} 0 0 1 ${600 - ring * 92} 0V620`}
        />
      ))}
      {STONES.map((angle) => {
        const [x, y] = [Math.cos(angle), Math.sin(angle)];
        return <path key={angle} d={`M${450 + 162 * x} ${300 - 162 * y}L${450 + 300 * x} ${300 - 300 * y}`} />;
      })}
      <path d="M0 619h900" />
    </svg>
  );
}
