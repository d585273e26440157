<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\ListQuery;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\ExportList;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\Texts;

/**
 * GET /exports: the user's exports, and for admins everybody's.
 */
final readonly class MyExports implements Endpoint
{
    public const PATH = '/exports';

    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        $query = ListQuery::of($call);
        $list = $call->exporter->list($query->owner, $query->most, $query->before);
        if ($list->isError()) {
            throw Refused::with($list);
        }
        $texts = Texts::for($call->request);
        $view = new ExportList($texts, $this->pages, $list, $query, $call->user());
        return $this->pages->page($call, $view->title(), $view->main());
    }
}
