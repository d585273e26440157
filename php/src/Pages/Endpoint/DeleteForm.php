<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\Html;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\Texts;

/**
 * POST /exports/{id}/delete
 */
final readonly class DeleteForm implements Endpoint
{
    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        $answer = $call->exporter->delete($call->id(), $call->owner());
        if ($answer->isError()) {
            throw Refused::with($answer);
        }
        $texts = Texts::for($call->request);
        return $this->pages->page($call, $texts->of('deleted.title'), Html::of('p', [], $this->pages->toMine($texts)));
    }
}
