<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\StatisticsView;
use Ybb\Export\Pages\Texts;

/**
 * GET /exports/statistics, for admins.
 */
final readonly class StatisticsPage implements Endpoint
{
    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        $statistics = $call->exporter->statistics();
        if ($statistics->isError()) {
            throw Refused::with($statistics);
        }
        $texts = Texts::for($call->request);
        return $this->pages->page($call, $texts->of('stats.title'), (new StatisticsView($texts, $statistics))->main());
    }
}
