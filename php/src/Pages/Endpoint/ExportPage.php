<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Http\StatusCode;
use Ybb\Export\Pages\ExportView;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\Texts;

/**
 * GET /exports/{id}: how far it is, its files, or why there are none. The address stays the same throughout.
 */
final readonly class ExportPage implements Endpoint
{
    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        $status = $call->exporter->status($call->id(), $call->owner());
        if ($status->isRefusal()) {
            throw Refused::with($status);
        }
        $view = new ExportView(
            Texts::for($call->request),
            $this->pages,
            $status,
            $call->exporter->chunks($call->id(), $call->owner()),
            $call->exporter->signLink($call->id(), null, ExportView::LINK_SECONDS),
        );
        $code = StatusCode::about($status);
        return $this->pages->page($call, $view->title(), $view->main(), $code === 202 ? 200 : $code);
    }
}
