/* pdfjs_text.mjs PACKAGE FILE: the text of a PDF file as pdf.js reads it, a form feed behind each page. PACKAGE is the
 * folder of pdfjs-dist. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, file] = process.argv.slice(2).map((path) => resolve(path));
const pdfjs = await import(pathToFileURL(join(folder, 'legacy/build/pdf.mjs')));
const book = await pdfjs.getDocument({
    data: new Uint8Array(readFileSync(file)),
    cMapUrl: join(folder, 'cmaps/'),
    cMapPacked: true,
    standardFontDataUrl: join(folder, 'standard_fonts/'),
    disableFontFace: true,
    isEvalSupported: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
}).promise;
for (let number = 1; number <= book.numPages; number++) {
    const page = await book.getPage(number);
    const { items } = await page.getTextContent({ disableNormalization: true });
    process.stdout.write(items.map((item) => item.str + (item.hasEOL ? '\n' : '')).join('') + '\f');
    page.cleanup();
}
await book.destroy();
