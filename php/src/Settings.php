<?php

declare(strict_types=1);

namespace Ybb\Export;

use Ybb\Export\Http\SendFile;

/**
 * How the exports stand on their host.
 */
final readonly class Settings
{
    /** Where the routes begin: the path of the base URL. */
    public string $path;

    /**
     * @param string $baseUrl what stands before /api/export: https://admin.example.org, or with a path
     * @param string $sendFileRoot with x-accel: the folder of exports, as the library's "out" has it
     * @param string $sendFileLocation with x-accel: nginx's internal location over that folder
     * @param int<1, max> $maxBodyBytes of a request's JSON
     */
    public function __construct(
        public string $baseUrl,
        public SendFile $sendFile = SendFile::None,
        public string $sendFileRoot = '',
        public string $sendFileLocation = '',
        public int $maxBodyBytes = 1 << 20,
    ) {
        $parts = parse_url($baseUrl);
        if ($parts === false || !in_array($parts['scheme'] ?? '', ['http', 'https'], true) || !isset($parts['host'])
            || isset($parts['query']) || isset($parts['fragment'])) {
            throw new \InvalidArgumentException("The base URL \"$baseUrl\" is not http(s)://host/path");
        }
        if ($sendFile === SendFile::XAccel && ($sendFileRoot === '' || $sendFileLocation === '')) {
            throw new \InvalidArgumentException('x-accel needs the folder of exports and nginx\'s location over it');
        }
        $this->path = rtrim($parts['path'] ?? '', '/');
    }
}
