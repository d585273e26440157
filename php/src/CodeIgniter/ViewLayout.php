<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter;

use Ybb\Export\Pages\Html;
use Ybb\Export\Pages\Layout;

/**
 * A view around the pages.
 */
final readonly class ViewLayout implements Layout
{
    /** With its folder: else CodeIgniter looks for it below the outer one of the package's two namespaces. */
    private const OWN = 'Ybb\Export\CodeIgniter\Views\layout';

    /** @param string $view of the application; empty: the package's own */
    public function __construct(private string $view = '') {}

    public function page(string $language, string $title, Html $head, Html $main): string
    {
        // a comment of the debugger before the document's type would have browsers show it as they did long ago
        $options = ['saveData' => false, 'debug' => false];
        $parts = ['language' => $language, 'title' => $title, 'head' => $head, 'main' => $main];
        return view($this->view === '' ? self::OWN : $this->view, $parts, $options);
    }
}
