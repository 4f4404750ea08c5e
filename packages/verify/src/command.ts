/** The program itself, as it is bundled. */
import { main } from './main.js';

process.exitCode = await main(process.argv.slice(2));
