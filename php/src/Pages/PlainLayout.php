<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

final class PlainLayout implements Layout
{
    public function page(string $language, string $title, Html $head, Html $main): string
    {
        return Html::of(
            'html',
            ['lang' => $language],
            Html::of(
                'head',
                [],
                Html::of('meta', ['charset' => 'utf-8']),
                Html::of('meta', ['name' => 'viewport', 'content' => 'width=device-width, initial-scale=1']),
                Html::of('title', [], $title),
                $head,
            ),
            Html::of('body', ['class' => 'ybb-export-alone'], Html::of('main', ['class' => 'ybb-export'], $main)),
        )->document();
    }
}
