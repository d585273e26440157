<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

/**
 * What stands around a page: the host's navigation, or nothing.
 */
interface Layout
{
    /**
     * @param Html $head links to the style and the script of the page
     * @param Html $main with its heading, an h1
     * @return string the whole document
     */
    public function page(string $language, string $title, Html $head, Html $main): string;
}
