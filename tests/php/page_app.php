<?php
/* Stands in for CodeIgniter under the controller of docs/php.md, with as little of it as that needs, by the names that
 * CodeIgniter has. A router script of PHP's own server; YBB_PAGE_FILES is where the page's files are. */

namespace CodeIgniter\HTTP {
    interface ResponseInterface
    {
        public function send(): void;
    }

    class Response implements ResponseInterface
    {
        private int $code = 200;
        private array $body = [];
        public function setStatusCode(int $code): static { $this->code = $code; return $this; }
        public function setJSON(array $body): static { $this->body = $body; return $this; }
        public function download(string $path, ?string $data): DownloadResponse { return new DownloadResponse($path); }

        public function send(): void
        {
            http_response_code($this->code);
            header('Content-Type: application/json');
            echo json_encode($this->body);
        }
    }

    class DownloadResponse implements ResponseInterface
    {
        private string $name, $type;
        public function __construct(private string $path) {}
        public function setFileName(string $name): static { $this->name = $name; return $this; }
        public function setContentType(string $type): static { $this->type = $type; return $this; }

        public function send(): void
        {
            header("Content-Type: $this->type");
            header("Content-Disposition: attachment; filename=\"$this->name\"");
            readfile($this->path);
        }
    }

    class Request
    {
        public function getJSON(bool $assoc): mixed { return json_decode(file_get_contents('php://input'), $assoc); }
    }
}

namespace App\Controllers {
    class BaseController
    {
        protected \CodeIgniter\HTTP\Request $request;
        protected \CodeIgniter\HTTP\Response $response;

        public function __construct()
        {
            $this->request = new \CodeIgniter\HTTP\Request;
            $this->response = new \CodeIgniter\HTTP\Response;
        }
    }
}

namespace {
    class Session
    {
        public function close(): void {}
    }

    class Routes
    {
        public array $all = [];
        public function __call(string $method, array $route): void { $this->all[] = [strtoupper($method), ...$route]; }

        public function serve(string $method, string $path): void
        {
            foreach ($this->all as [$its, $from, $to]) {
                $pattern = '#^/' . strtr($from, ['(:segment)' => '([^/]+)', '(:num)' => '([0-9]+)']) . '$#';
                if ($its !== $method || !preg_match($pattern, $path, $found)) {
                    continue;
                }
                $to = preg_replace_callback('/\$(\d)/', fn (array $m) => $found[$m[1]], $to);
                [$action, $arguments] = explode('/', $to, 2) + [1 => null];
                [$class, $function] = explode('::', $action);
                $class = "App\\Controllers\\$class";
                (new $class)->$function(...($arguments === null ? [] : explode('/', $arguments)))->send();
                return;
            }
            http_response_code(404);
        }
    }

    function session(?string $key = null): ?Session { return $key === null ? new Session : null; }

    require getenv('YBB_PAGE_FILES') . '/app/Controllers/Exports.php';
    $routes = new Routes;
    require getenv('YBB_PAGE_FILES') . '/app/Config/Routes.php';
    $routes->serve($_SERVER['REQUEST_METHOD'], parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
}
