<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Config;

use CodeIgniter\Config\BaseConfig;
use Nyholm\Psr7\Factory\Psr17Factory;
use Ybb\Export\Auth\DenyAll;

/**
 * How the exports stand in an application. Each property can be set in .env, as ybbexport.NAME; what
 * "spark ybbexport:publish" puts into app/Config/YbbExport.php goes before this class.
 */
class YbbExport extends BaseConfig
{
    /** Who the users are and what they may: a class that is an Ybb\Export\Auth\Authenticator. This one knows nobody. */
    public string $authenticator = DenyAll::class;

    /** Whether there are routes. */
    public bool $routes = true;

    /** What stands before api/export and exports in addresses: "admin", or nothing. */
    public string $prefix = '';

    /** @var list<string> filters of all routes, such as Shield's "session" */
    public array $filters = [];

    /** Where pages send whom nobody knows: a path of the application. Empty: nowhere, they answer 401. */
    public string $login = '';

    /** A view in place of the package's own that stands around the pages. */
    public string $layout = '';

    /** Who sends files: none (PHP), x-accel (nginx), x-sendfile (Apache, lighttpd). */
    public string $sendFile = 'none';

    /** With x-accel: nginx's internal location over the folder of exports. */
    public string $sendFileLocation = '';

    /** Of a request's JSON. */
    public int $maxBodyBytes = 1 << 20;

    /** The file of the library's settings; empty: as php.ini has it, and so for the next four. */
    public string $configFile = '';

    /** Where the rows are, a DSN. */
    public string $source = '';

    /** A group of Config\Database that is the source, in place of a DSN. */
    public string $database = '';

    /** Where jobs are kept, a DSN. */
    public string $store = '';

    /** The folder of the files. */
    public string $out = '';

    /** Where exports run: auto, worker or inproc. */
    public string $mode = '';

    /** The command that "spark ybbexport:worker" becomes. */
    public string $command = 'ybbexport';

    /** Makes PSR-7 requests and responses: a class with the factories of PSR-17. */
    public string $psr17 = Psr17Factory::class;
}
