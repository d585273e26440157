<?php

declare(strict_types=1);

/**
 * Stands around the pages of the exports. A page's policy (Content-Security-Policy) takes styles and scripts
 * from files of this site alone.
 *
 * @var string $language
 * @var string $title
 * @var Ybb\Export\Pages\Html $head links to the style and the script of the page
 * @var Ybb\Export\Pages\Html $main with its heading, an h1
 */
?>
<!DOCTYPE html>
<html lang="<?= esc($language, 'attr') ?>">
<head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title><?= esc($title) ?></title>
    <?= $head ?>
</head>
<body class="ybb-export-alone">
    <main class="ybb-export">
        <?= $main ?>
    </main>
</body>
</html>
